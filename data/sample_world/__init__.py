"""The built-in sample world: a fictitious hip-and-knee implant company, written as the sources would publish it.

Here belong only the generator and its sealed truth. The product never imports it; the `sample` command alone does.
"""

from sample_world.clock import AS_OF
from sample_world.writer import SampleReport, write

__all__ = ["AS_OF", "SampleReport", "write"]
