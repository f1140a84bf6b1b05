"""Media: the only place that knows ffmpeg and PyAV.

`ffmpeg` runs the pinned binary, `probe` says what a file is (and refuses hostile ones), `frames`
decodes sampled small pictures, `audio` reads the 16 kHz sound, `cuts` maps the source's clock to a
cut's own.
"""
