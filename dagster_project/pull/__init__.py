"""`fieldscope pull`: a CRM's objects over its interface into the landing zone, in the layout of its exports."""
