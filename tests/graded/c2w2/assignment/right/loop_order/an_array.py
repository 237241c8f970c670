"""An array of letters."""

loop_order = np.array(list("BGEFAHDICJ"))
