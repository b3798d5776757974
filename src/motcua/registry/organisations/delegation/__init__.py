"""Who is away, and who may sign for whom meanwhile. Source: Decree 30/2020/NĐ-CP art. 13."""
