"""What a figure holds in other forms than its page: tables of its values, pictures with words."""
