"""The portal's face of signal control: register, junction files and their approval, evaluations, live pages."""
