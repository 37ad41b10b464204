const dark = matchMedia('(prefers-color-scheme: dark)');
const applyTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', applyTheme);
applyTheme();
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  validatorUrl: null,
  // Screen readers cannot reach a link inside the button that opens an operation.
  plugins: [
    ({ React }) => ({
      components: { DeepLink: ({ text }) => React.createElement('span', null, text) },
    }),
  ],
});
// Swagger UI has lists without a name, and boxes that scroll by mouse only.
const container = document.getElementById('swagger-ui');
new MutationObserver(() => {
  for (const select of container.querySelectorAll('select:not([aria-label])')) {
    const isServer = select.id === 'servers';
    select.setAttribute('aria-label', isServer ? 'Server' : 'Choice');
  }
  for (const text of container.querySelectorAll('textarea:not([aria-label])')) {
    text.setAttribute('aria-label', 'Request body');
  }
  for (const box of container.querySelectorAll('pre:not([tabindex])')) box.tabIndex = 0;
}).observe(container, { childList: true, subtree: true });
