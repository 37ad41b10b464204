// Moves the secret from the fragment into the form, and removes it from the address bar.
const field = document.getElementById('secret');
if (location.hash.length > 1) {
  field.value = location.hash.slice(1);
  field.closest('label').hidden = true;
  history.replaceState(null, '', location.pathname);
}
