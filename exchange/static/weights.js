// The sum of the weights while they are typed. Without a script the server says it.
"use strict";
const weights = document.getElementById("weights");
if (weights) {
  const total = document.getElementById("total");
  const say = () => {
    const fields = [...weights.querySelectorAll('input[type="number"]')];
    const sum = fields.reduce((all, one) => all + (Number(one.value) || 0), 0);
    total.textContent = sum.toLocaleString(document.documentElement.lang);
    total.classList.toggle("warn", sum !== Number(weights.dataset.best));
  };
  weights.addEventListener("input", say);
}
