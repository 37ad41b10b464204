// Filters, shows relative times, copies codes, and fetches new mails every two seconds.
const filter = document.getElementById('filter');
const list = document.getElementById('mails');
const none = document.getElementById('none');
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

function ago(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  if (seconds > -5) return 'just now';
  const [unit, length] = units.find(([, length]) => -seconds >= length);
  return relative.format(Math.trunc(seconds / length), unit);
}
function update() {
  const wanted = filter.value.trim().toLowerCase();
  let shown = 0;
  for (const mail of list.children) {
    mail.hidden = !mail.dataset.to.includes(wanted);
    if (!mail.hidden) shown += 1;
    const time = mail.querySelector('time');
    const date = new Date(time.dateTime);
    time.textContent = ago(date);
    time.title = date.toLocaleString();
  }
  none.textContent = shown > 0 ? '' : wanted ? 'No mail to this address.' : 'No mail yet.';
}
async function refresh() {
  const answer = await fetch('/inbox', { headers: { accept: 'text/html' } });
  if (!answer.ok) return;
  // Uses the list only: the new page's style has a nonce that this page's policy does not allow.
  const text = await answer.text();
  const mails = text.slice(text.indexOf('<article'), text.indexOf('<p id="none"'));
  const page = new DOMParser().parseFromString(mails, 'text/html');
  const added = [...page.querySelectorAll('article')].filter(
    ({ id }) => !document.getElementById(id),
  );
  list.prepend(...added);
  update();
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.code);
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2000);
}

filter.value = new URLSearchParams(location.search).get('to') ?? '';
filter.addEventListener('input', () => {
  const query = filter.value ? `?${new URLSearchParams({ to: filter.value })}` : '';
  history.replaceState(null, '', location.pathname + query);
  update();
});
document.addEventListener('click', ({ target }) => {
  if (target.dataset.code) void copy(target);
});
update();
setInterval(() => refresh().catch(() => undefined), 2000);
