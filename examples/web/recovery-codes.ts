import { element, say, show } from './views.ts';

const list = element('#recovery ol');

/** Shows recovery codes, which the service returns only once. */
export function showRecoveryCodes(codes: readonly string[], message: string): void {
  show('recovery', message);
  list.replaceChildren(...codes.map(itemOf));
  const text = `Recovery codes of ${location.host}\n\n${codes.join('\n')}\n`;
  element<HTMLAnchorElement>('#recovery a[download]').href =
    `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`;
}

element('#copy-codes').addEventListener('click', () => {
  const codes = [...list.children].map(({ textContent }) => textContent);
  void navigator.clipboard.writeText(codes.join('\n')).then(
    () => say('The codes were copied.'),
    () => say('The browser does not copy. Select the codes, or download them.', 'problem'),
  );
});

function itemOf(code: string): HTMLLIElement {
  const item = document.createElement('li');
  item.textContent = code;
  return item;
}
