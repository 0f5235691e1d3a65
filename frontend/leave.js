import { ExitThisPage as Stock } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";
import { forget } from "./steps.js";

export class ExitThisPage extends Stock {
  // Each step is a page of its own and listens for itself; one that is not shown keeps still.
  handleKeypress(event) {
    if (this.$root.isConnected) {
      super.handleKeypress(event);
    }
  }

  // The stock part leaves the page one press of Back behind the other site.
  exitPage() {
    super.exitPage();
    forget();
    window.location.replace(this.$button.href);
  }
}
