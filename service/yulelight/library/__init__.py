"""The songs found in the music folders."""
