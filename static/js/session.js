// Warns before the session ends and lets it go on from where one is. Without this script the same form does it.
(() => {
  const box = document.querySelector(".session > [data-left]");
  const form = box.querySelector("form"), warning = box.querySelector(".warning"), time = box.querySelector("time");
  const warn = +box.dataset.warn;
  let timer;

  const wait = (left) => {
    const soon = left <= warn;
    box.parentElement.classList.toggle("soon", soon);
    warning.hidden = !soon;
    clearTimeout(timer);
    timer = setTimeout(ask, 1000 * (soon ? left + 1 : left - warn));
  };
  const show = ({ left, until }) => {
    if (left <= 0) return location.replace(location.pathname + location.search);
    time.textContent = time.textContent.replace(/\d\d:\d\d/, until);
    wait(left);
  };
  const call = (address, options) =>
    fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", ...options })
      .then((answer) => (answer.redirected || !answer.ok ? { left: 0 } : answer.json()))
      .then(show)
      .catch(() => { clearTimeout(timer); timer = setTimeout(ask, 15000); });
  // Another tab may have gone on meanwhile; asking is no use of the session.
  const ask = () => call(box.dataset.ask);

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    call(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  });
  // A page out of the browser's memory would show what is over, and timers sleep with the machine.
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  addEventListener("pageshow", (event) => event.persisted && ask());
  wait(+box.dataset.left);
})();
