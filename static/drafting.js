// The drafting page works without this: Preview is a button. With it the preview follows the typing, what is typed is
// kept as a draft every few seconds, and a name is inserted where the cursor stands.
const PAUSE = 1200;
const form = document.getElementById("section-form");
const side = document.getElementById("preview");
const text = form.querySelector("textarea[name='narrative']");
const status = form.querySelector("[data-kept]");
let waiting = 0;
let asked = 0;
let underWay = new AbortController();

async function follow() {
  const turn = (asked += 1);
  underWay = new AbortController();
  const sent = { method: "POST", body: new FormData(form), signal: underWay.signal };
  const response = await fetch(form.dataset.preview, sent).catch(() => null);
  if (turn !== asked) return;
  if (!response?.ok || response.redirected) {
    status.textContent = "The draft could not be kept just now. Your text is still here; save it before you leave.";
    return;
  }
  document.dispatchEvent(new CustomEvent("portal-page", { detail: response.headers.get("Sign-In-Ends-In") }));
  side.innerHTML = await response.text();
  const kept = side.querySelector("[data-kept-at]")?.dataset.keptAt;
  status.textContent = kept ? `Draft kept at ${kept}. It becomes part of the record when you save it.` : "";
}

form.addEventListener("input", (event) => {
  if (event.target.name === "reason") return;
  clearTimeout(waiting);
  waiting = setTimeout(follow, PAUSE);
});

// Once the text is on its way to be saved, no preview may keep it as a draft behind it.
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  asked += 1;
  underWay.abort();
});

function insert(token) {
  text.focus();
  text.setRangeText(token, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const name of document.querySelectorAll("[data-insert]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = name.className;
  button.textContent = name.textContent;
  button.addEventListener("click", () => insert(name.textContent));
  name.replaceWith(button);
}

const find = document.querySelector("[data-find]");
find.hidden = false;
find.querySelector("input").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const group of document.querySelectorAll(".drafting-group")) {
    const rows = [...group.querySelectorAll(".drafting-named")];
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    group.hidden = rows.every((row) => row.hidden);
    group.open = Boolean(wanted) && !group.hidden;
  }
});
