// Everything works without this. It closes an open menu when the reader presses Escape or clicks elsewhere.
const menus = () => document.querySelectorAll(".portal-menu__more[open], .portal-who__roles[open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

// Warns two minutes before the sign-in ends. Every page that is opened puts the end off, in other tabs too.
const WARNING = 2 * 60 * 1000;
const LOOK = 1000;
const AT_LATEST = "What you typed is still on this page. Press the form's button, then sign in with the same account: it is kept for an hour.";

function watch(dialog) {
  const title = dialog.querySelector("h2");
  const words = dialog.querySelector("p");
  const stay = dialog.querySelector("[data-stay]");
  const close = dialog.querySelector("[data-close]");
  const tabs = new BroadcastChannel("sign-in-ends");
  let canStay = "canStay" in dialog.dataset;
  let ends = 0;
  let warned = false;

  function moveEnd(moment) {
    if (moment <= ends) return;
    ends = moment;
    warned = false;
    if (dialog.open) dialog.close();
  }

  function putOff(seconds) {
    moveEnd(Date.now() + seconds * 1000);
    tabs.postMessage(ends);
  }

  function say(heading, sentence) {
    title.textContent = heading;
    words.textContent = sentence;
    stay.hidden = !canStay || Date.now() >= ends;
    if (!dialog.open) dialog.showModal();
    (stay.hidden ? close : stay).focus();
  }

  function look() {
    const left = ends - Date.now();
    if (left <= 0 && warned !== "ended") {
      warned = "ended";
      say("You have been signed out", AT_LATEST);
    } else if (left > 0 && left <= WARNING && !warned) {
      warned = "soon";
      const at = new Date(ends).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      const why = canStay ? "because no page was opened for a while" : "twelve hours after you signed in; save what you are writing first";
      say("You will soon be signed out", `You will be signed out at ${at}, ${why}.`);
    }
  }

  stay.addEventListener("click", async () => {
    const response = await fetch(dialog.dataset.stayUrl).catch(() => null);
    if (!response?.ok) return say("The portal cannot be reached", `Try again. ${AT_LATEST}`);
    if (response.redirected) {
      ends = Date.now();
      return look();
    }
    const left = await response.json();
    canStay = left.can_stay;
    return putOff(left.seconds);
  });
  close.addEventListener("click", () => dialog.close());
  tabs.addEventListener("message", (event) => moveEnd(event.data));
  document.addEventListener("portal-page", (event) => putOff(Number(event.detail)));
  putOff(Number(dialog.dataset.signInEnds));
  setInterval(look, LOOK);
}

const dialog = document.querySelector("[data-sign-in-ends]");
if (dialog) watch(dialog);
