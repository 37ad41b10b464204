const fontFamily = 'system-ui, sans-serif';
const dark = matchMedia('(prefers-color-scheme: dark)');
// ReDoc takes its colours once, when it starts.
dark.addEventListener('change', () => location.reload());
const lightTheme = {
  colors: {
    primary: { main: '#4338ca' },
    responses: { success: { color: '#166534' }, error: { color: '#b3261e' } },
  },
  schema: { typeNameColor: '#52525b' },
  rightPanel: { backgroundColor: '#1f1f24' },
  typography: { code: { color: '#a1241c' } },
};
const darkTheme = {
  colors: {
    primary: { main: '#a5b4fc' },
    success: { main: '#6ee7b7' },
    error: { main: '#fca5a5' },
    text: { primary: '#f4f4f5', secondary: '#a1a1aa' },
    border: { dark: '#3f3f46', light: '#303036' },
    gray: { 50: '#27272a', 100: '#303036' },
    responses: {
      success: { color: '#6ee7b7', backgroundColor: '#10291f', tabTextColor: '#6ee7b7' },
      error: { color: '#fca5a5', backgroundColor: '#331a1a', tabTextColor: '#fca5a5' },
    },
  },
  schema: { linesColor: '#52525b', typeNameColor: '#a1a1aa', nestedBackground: '#202024' },
  sidebar: { backgroundColor: '#18181b', textColor: '#f4f4f5', activeTextColor: '#a5b4fc' },
  rightPanel: { backgroundColor: '#111114', textColor: '#f4f4f5' },
  codeBlock: { backgroundColor: '#18181b' },
  fab: { backgroundColor: '#27272a', color: '#a5b4fc' },
  typography: { code: { color: '#fca5a5', backgroundColor: '#27272a' } },
};
const { typography, ...colours } = dark.matches ? darkTheme : lightTheme;
const container = document.getElementById('redoc');
// Swagger UI has a landmark of its own.
container.role = 'main';
Redoc.init(
  '/openapi.json',
  {
    nonce: document.currentScript.nonce,
    nativeScrollbars: true,
    theme: { ...colours, typography: { ...typography, fontFamily, headings: { fontFamily } } },
  },
  container,
  () => {
    for (const box of container.querySelectorAll('pre')) box.tabIndex = 0;
  },
);
