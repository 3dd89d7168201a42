"""Who gets in where: every route, asked by every role, beside what is expected (`answers.txt`)."""
