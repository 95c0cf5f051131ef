"""The station: the batch from list to delivery, and the only room that knows all the others (trạm số hóa)."""
