/** The request header in which `proxy.ts` tells pages their own path, for coming back to it after signing in. */
export const PATH_HEADER = 'x-kashi-path';

/** The request header with the nonce of this answer's scripts. */
export const NONCE_HEADER = 'x-nonce';
