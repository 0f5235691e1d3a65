import { Radios as Stock } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";

// The stock part writes aria-expanded on a radio, which ARIA does not allow there; aria-controls stays.
export class Radios extends Stock {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}
