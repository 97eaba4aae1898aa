"""How runs are summed up and judged, in the engine's reports and on the portal's pages. It decides no run."""
