// Shows how far an import is without loading the page anew; without this the page itself loads again every two seconds.
const SECOND = 1000;

async function follow() {
  const response = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const job = page.getElementById("job");
  if (!job || !("follow" in job.dataset)) return location.reload();
  document.getElementById("job").replaceChildren(...job.childNodes);
  return setTimeout(follow, SECOND);
}

setTimeout(follow, SECOND);
