/** Angular's own packages are ES modules alone, so what builds on them is as well. */
export const isModuleOnly = (entryPoint: string): boolean => entryPoint === 'angular'
