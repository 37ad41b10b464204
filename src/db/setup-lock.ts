/** Any fixed number: whoever migrates, or makes the first key, holds this advisory lock. */
export const SETUP_LOCK = 0x6761_7465;
