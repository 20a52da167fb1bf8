import vue from '@vitejs/plugin-vue'
import { defineConfig, mergeConfig } from 'vite'
import { shared } from '../vite.shared.mjs'

export default defineConfig(mergeConfig(shared, { plugins: [vue()] }))
