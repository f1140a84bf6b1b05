"""The file formats of other programs, as pure text: SRT, WebVTT and ASS."""
