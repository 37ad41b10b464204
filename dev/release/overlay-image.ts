/** A container image by digest, such as `registry.example.com/gatehouse@sha256:…`. */
const IMAGE = /^([a-z0-9][a-z0-9./:_-]*)@(sha256:[0-9a-f]{64})$/;

/**
 * Returns the text of an overlay of `ops/kubernetes` with another image.
 *
 * @throws Error if the image has no digest
 */
export function withImage(overlay: string, image: string): string {
  const [, name, digest] = IMAGE.exec(image) ?? [];
  if (!name)
    throw new Error(
      `--image ${image}: has no digest. Write registry.example.com/gatehouse@sha256:<64 digits>.`,
    );
  const changed = overlay
    .replace(/^( +newName: ).*$/m, `$1${name}`)
    .replace(/^( +digest: ).*$/m, `$1${digest}`);
  if (!changed.includes(`newName: ${name}\n`) || !changed.includes(`digest: ${digest}\n`))
    throw new Error('the overlay has no `newName` and `digest` to set');
  return changed;
}
