// Loads the page again when the site has been made anew.
"use strict";

(() => {
  const here = document.currentScript.src;
  let known;
  window.opmodelState = (state) => {
    if (known !== undefined && known !== state) window.location.reload();
    known = state;
  };
  window.setInterval(() => {
    const script = document.createElement("script");
    script.src = here.replace("_live.js", "_state.js");
    script.addEventListener("load", () => script.remove());
    script.addEventListener("error", () => script.remove());
    document.head.append(script);
  }, 1000);
})();
