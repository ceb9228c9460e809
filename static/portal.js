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
