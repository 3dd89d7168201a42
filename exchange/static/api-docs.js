// Draws the OpenAPI document; the address is in the page, and nothing is fetched from elsewhere.
const viewer = document.getElementById("viewer");
SwaggerUIBundle({
  url: viewer.dataset.document,
  domNode: viewer,
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  docExpansion: "none",
});
