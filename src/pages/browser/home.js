// Tabs of the samples, by the pattern of the ARIA Authoring Practices Guide.
const list = document.querySelector('[role=tablist]');
const tabs = [...list.children];
const panelOf = (tab) => document.getElementById(tab.getAttribute('aria-controls'));

function select(chosen) {
  for (const tab of tabs) {
    tab.ariaSelected = String(tab === chosen);
    tab.tabIndex = tab === chosen ? 0 : -1;
    panelOf(tab).hidden = tab !== chosen;
  }
}
for (const tab of tabs) {
  const panel = panelOf(tab);
  panel.role = 'tabpanel';
  panel.setAttribute('aria-labelledby', tab.id);
  panel.querySelector('h2').remove();
  tab.addEventListener('click', () => select(tab));
}
list.addEventListener('keydown', (event) => {
  const at = tabs.indexOf(event.target);
  const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
  if (!(event.key in moves)) return;
  event.preventDefault();
  const next = tabs.at(moves[event.key] % tabs.length);
  select(next);
  next.focus();
});
list.hidden = false;
select(tabs[0]);

// Browsers offer no clipboard to a page of another machine without HTTPS.
async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  button.dataset.label ??= button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = button.dataset.label;
  }, 2000);
}
for (const button of document.querySelectorAll('.copy')) {
  button.hidden = !navigator.clipboard;
  const code = button.parentElement.querySelector('pre');
  button.addEventListener('click', () => void copy(button, code.textContent));
}

const { request, verify, tokens } = document.forms;
if (request) tryOut();

// A sign-in over GraphQL. The tokens stay in this function.
function tryOut() {
  const steps = document.querySelector('.live ol');
  let challenge;
  let session;

  const reveal = (isShown) => {
    tokens.querySelector('p').hidden = isShown;
    tokens.querySelector('fieldset').hidden = !isShown;
  };
  const enable = (form, isEnabled) => {
    form.firstElementChild.disabled = !isEnabled;
  };
  async function run(field, input, selection) {
    const type = `${field[0].toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${field}(input: $input) { ${selection} } }`;
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { data, errors } = await answer.json();
    if (!errors) return data[field];
    const [{ message, extensions }] = errors;
    const { code, fields, retryAfter, unlockIn = retryAfter } = extensions;
    if (code === 'INVALID_OTP')
      throw new Error('That code is wrong or older than the newest mail.');
    const text = fields ? Object.values(fields).flat().join(' ') : `${message}.`;
    throw new Error(unlockIn ? `${text} Try again in ${unlockIn} s.` : text);
  }
  function onSubmit(form, action) {
    const problem = form.querySelector('.problem');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      problem.textContent = '';
      action(Object.fromEntries(new FormData(form))).catch((error) => {
        const isDown = error instanceof TypeError;
        problem.textContent = isDown ? 'Gatehouse does not respond.' : error.message;
      });
    });
  }

  onSubmit(request, async ({ email }) => {
    const { challengeId } = await run('requestOtp', { email }, 'challengeId');
    challenge = { email, challengeId };
    verify.querySelector('a').href = `/inbox?${new URLSearchParams({ to: email.trim() })}`;
    enable(verify, true);
    verify.otp.value = '';
    verify.otp.focus();
  });
  onSubmit(verify, async ({ otp }) => {
    session = await run('verifyOtp', { ...challenge, otp }, 'accessToken refreshToken');
    enable(request, false);
    enable(verify, false);
    show(session);
  });
  onSubmit(tokens, async () => {
    await run('logout', { refreshToken: session.refreshToken }, 'detail');
    session = undefined;
    reveal(false);
    tokens.querySelector('pre').textContent = '';
    enable(request, true);
    request.email.focus();
  });
  steps.previousElementSibling.remove();
  steps.hidden = false;
  const copyToken = tokens.querySelector('[type=button]');
  copyToken.hidden = !navigator.clipboard;
  copyToken.addEventListener('click', () => void copy(copyToken, session.accessToken));

  function show({ accessToken, refreshToken }) {
    const claims = tokens.querySelector('pre');
    const text = JSON.stringify(claimsOf(accessToken), null, 2);
    claims.textContent = text.replaceAll(/\[[^\]]*\]/g, (list) => list.replaceAll(/\s/g, ''));
    tokens.querySelector('code').textContent = `${refreshToken.slice(0, 8)}…`;
    reveal(true);
    claims.focus();
  }
}

function claimsOf(token) {
  const [, claims] = token.split('.');
  const text = atob(claims.replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (byte) => byte.charCodeAt(0))));
}
