import { fileURLToPath } from 'node:url'
import express from 'express'

/** The guides of this clone as the plain text that they are, so that the page's link to them holds without a network. */
export function serveGuides(folder) {
  return express.static(fileURLToPath(folder), {
    index: false,
    setHeaders(response, path) {
      if (path.endsWith('.md')) response.set('Content-Type', 'text/plain; charset=utf-8')
    },
  })
}
