from inquiries.hashers import Argon2id


class QuickArgon2id(Argon2id):
    time_cost = 1
    memory_cost = 64
    parallelism = 1
