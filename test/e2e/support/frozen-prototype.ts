// Imported before the library: what it inherits can no longer be changed, nor hidden by assignment.
if (new URLSearchParams(location.search).has('frozen')) Object.freeze(Object.prototype)
