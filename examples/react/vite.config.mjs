import react from '@vitejs/plugin-react'
import { defineConfig, mergeConfig } from 'vite'
import { shared } from '../vite.shared.mjs'

export default defineConfig(mergeConfig(shared, { plugins: [react()] }))
