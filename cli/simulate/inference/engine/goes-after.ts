/**
 * In this header a simulated client tells a simulated engine after how many tokens it will go away, so that the engine makes no more: what
 * the engine has made, what the proxy has counted and what the client has read are then the same.
 */
export const goesAfterHeader = 'x-simulated-goes-after-tokens';
