/** The version of page and engine: the crate's. */
export const VERSION: string = __SPARRING_VERSION__;
