"""One song or stream while it plays: prepared, held in time, heard and lit."""
