declare const SHIPLINT_VERSION: string | undefined

/** The package's version; `0.0.0` where nothing was built. */
export const version: string = typeof SHIPLINT_VERSION === 'undefined' ? '0.0.0' : SHIPLINT_VERSION
