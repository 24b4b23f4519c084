"""The supervisors' page, as a browser and as an attacker see it."""
