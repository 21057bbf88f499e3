"""The console's pages, one noun a module. Each route states who may come in; `tactful.console.app` lists them."""
