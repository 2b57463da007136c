-- Uploads that broke off with the server.
delete from imports where status = 'receiving' and created_at < $1
