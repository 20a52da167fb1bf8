/**
 * Whether this is the development build, which checks what an app hands in and explains what is odd. The production build
 * replaces this file by one that says `false`, so the source, the tests and the demo are in development mode.
 */
export const isDevelopment: boolean = true
