import { defineConfig } from 'vite'
import { shared } from '../vite.shared.mjs'

export default defineConfig(shared)
