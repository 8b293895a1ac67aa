/// <reference types="vite/client" />

/** The crate's version, put in at build time. */
declare const __SPARRING_VERSION__: string;
