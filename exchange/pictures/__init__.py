"""Pictures as numbers: where things lie on a sheet. Pure; the drawing is in templates/pictures/."""
