/** Builds the page and the service worker that plays its server: static files, to be hosted anywhere. Default: demo/dist. */
export declare function buildDemo(outDir?: string): Promise<void>
