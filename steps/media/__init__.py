"""Media: the only place that knows ffmpeg and PyAV.

`opening` opens files within bounds, `probe` reads what is in one, `ffmpeg` runs the pinned binary,
`frames` decodes small pictures, `audio` reads the 16 kHz sound, `excerpt` makes cuts and `cuts`
reads their times.
"""
