"""`fieldscope push`: tonight's targets over a CRM's interface, row by row, remembered as the CRM confirmed it."""
