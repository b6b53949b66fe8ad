"use strict";
(() => {
  const form = document.getElementById("filters");
  const rows = [...document.querySelectorAll("#rows tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const field = (id) => document.getElementById(id);
  const fits = (row, name) => !field(name).value || row.dataset[name] === field(name).value;
  const show = () => {
    const words = field("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const fit = ["state", "risk", "level"].every((name) => fits(row, name))
        && (!field("exceptions").checked || row.dataset.exception === "1")
        && words.every((word) => texts[index].includes(word));
      row.hidden = !fit;
      shown += fit ? 1 : 0;
    });
    field("shown").textContent = `${shown} of ${rows.length} requirements`;
    field("nothing").hidden = shown > 0;
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show();
})();
