"""How far scores can be trusted: agreement between graders, intervals, calibration."""
