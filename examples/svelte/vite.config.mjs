import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, mergeConfig } from 'vite'
import { shared } from '../vite.shared.mjs'

export default defineConfig(mergeConfig(shared, { plugins: [svelte()] }))
